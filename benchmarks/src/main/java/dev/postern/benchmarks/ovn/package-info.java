/** Measures OVN artefacts: rows, flows, and the time that real database servers and northd need for them. */
@NullMarked
package dev.postern.benchmarks.ovn;

import org.jspecify.annotations.NullMarked;
