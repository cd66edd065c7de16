// Included before better-sqlite3's own sources. From Node.js 24.19 on, node::ObjectWrap gives a cleanup hook back when
// it is destroyed, and Node.js aborts where a garbage collection does that outside of JavaScript. These overloads are
// better matches than Node.js's functions, so that there are no such hooks, as before.
#pragma once
#include <node.h>

namespace node {

class ObjectWrap;
inline void AddEnvironmentCleanupHook(v8::Isolate*, void (*)(void*), ObjectWrap*) {}
inline void RemoveEnvironmentCleanupHook(v8::Isolate*, void (*)(void*), ObjectWrap*) {}

}  // namespace node
