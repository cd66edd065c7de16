namespace pointing {}
