/**
 * Postern's own BPF layout: turns a plan into the entries of two LPM tries, addresses to identities and identities to verdicts, with the tc
 * program that enforces them, and reads the tries back. The writer and the reader share the byte layout in {@link dev.postern.bpf.MapLayout}
 * and nothing else.
 */
@NullMarked
package dev.postern.bpf;

import org.jspecify.annotations.NullMarked;
