/**
 * BPF maps as text: turns entries into what {@code bpftool map dump -j} prints and {@code bpftool batch} takes, and reads dumps back. It
 * knows bytes only; what they mean is each layout's own business.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.mapdump;

import org.jspecify.annotations.NullMarked;
