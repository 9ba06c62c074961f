// For depth alone: without a discard the rasterizer need not run it.
void main() {}
