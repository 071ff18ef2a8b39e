/**
 * Turns the seeded shapes of module testing into figures: JMH benchmarks of the set engine, and what it keeps in memory. It trusts nothing
 * but the clock; what is right is tested elsewhere.
 */
@NullMarked
package dev.postern.benchmarks;

import org.jspecify.annotations.NullMarked;
