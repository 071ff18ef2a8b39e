/** JMH benchmarks of the set engine over the seeded shapes of module testing: time and memory. They check no results; tests do. */
@NullMarked
package dev.postern.benchmarks;

import org.jspecify.annotations.NullMarked;
