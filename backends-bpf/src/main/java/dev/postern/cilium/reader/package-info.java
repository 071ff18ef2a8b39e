/**
 * Turns dumps of an agent's maps, {@code ipcache} and policy maps, into the rules that Cilium's programs enforce. It shares no code with the
 * writer, and trusts the manifests only for the addresses of pods.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.cilium.reader;

import org.jspecify.annotations.NullMarked;
