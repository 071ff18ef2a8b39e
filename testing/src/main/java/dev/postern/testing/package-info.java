/**
 * Turns seeds into clusters, policies and traffic for the tests and benchmarks of every module. Equal seeds give equal clusters on every
 * machine. No generator judges the meaning of a policy, so that no test compares a mistake with itself.
 */
@NullMarked
package dev.postern.testing;

import org.jspecify.annotations.NullMarked;
