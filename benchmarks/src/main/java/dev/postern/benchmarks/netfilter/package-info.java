/**
 * Measures the iptables and nftables targets on the kernel: what it takes to compile and to load the shapes, and what a packet pays.
 */
@NullMarked
package dev.postern.benchmarks.netfilter;

import org.jspecify.annotations.NullMarked;
