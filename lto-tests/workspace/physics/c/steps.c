/* How many steps a simulation of this length takes; whole numbers only. */
unsigned steps_for(unsigned length) { return 3 * length + 1; }
