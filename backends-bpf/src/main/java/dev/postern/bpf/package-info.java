/**
 * Postern's own BPF layout: turns a plan into the entries of two LPM tries, addresses to identities and identities to verdicts, with the tc
 * program that enforces them. {@code dev.postern.bpf.reader} reads the tries back, with its own knowledge of the program.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.bpf;

import org.jspecify.annotations.NullMarked;
