/** Measures the iptables and nftables targets on the kernel: the time to compile and to load the shapes, and the time for a packet. */
@NullMarked
package dev.postern.benchmarks.netfilter;

import org.jspecify.annotations.NullMarked;
