/** Measures what OVN artefacts cost: rows, flows, and the time that real database servers and northd take for them. */
@NullMarked
package dev.postern.benchmarks.ovn;

import org.jspecify.annotations.NullMarked;
