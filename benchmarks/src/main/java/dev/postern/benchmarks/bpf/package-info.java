/** Measures the maps of the BPF targets: loads shapes into maps of the running kernel, and measures the time for this and for a packet. */
@NullMarked
package dev.postern.benchmarks.bpf;

import org.jspecify.annotations.NullMarked;
