/**
 * Reads maps of Postern's own BPF dataplane back, from files or from the attached program. It shares nothing with the writer except the
 * format of {@code bpftool}.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.bpf.reader;

import org.jspecify.annotations.NullMarked;
