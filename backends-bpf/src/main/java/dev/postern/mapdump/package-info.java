/**
 * BPF maps as text: turns entries into the formats of {@code bpftool map dump -j} and {@code bpftool batch}, and reads dumps back. It knows
 * only bytes; each layout defines their meaning.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.mapdump;

import org.jspecify.annotations.NullMarked;
