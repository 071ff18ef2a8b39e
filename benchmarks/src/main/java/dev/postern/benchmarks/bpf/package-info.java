/**
 * What the maps of the BPF targets cost: turns shapes into maps of the running kernel and tells how long that takes, and what a packet pays.
 */
@NullMarked
package dev.postern.benchmarks.bpf;

import org.jspecify.annotations.NullMarked;
