"""A service manager's socket: binds AF_UNIX datagrams at argv[1] and prints each message as one JSON line."""
import json
import socket
import sys

manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
print(json.dumps("bound"), flush=True)
while True:
    print(json.dumps(manager.recv(65536).decode()), flush=True)
