/**
 * Reads maps of Postern's own BPF dataplane back, from files or from what the attached program uses. Shares nothing with what writes them but
 * the form that {@code bpftool} prints.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.bpf.reader;

import org.jspecify.annotations.NullMarked;
