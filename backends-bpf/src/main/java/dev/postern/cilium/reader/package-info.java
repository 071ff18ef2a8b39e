/**
 * Reads dumps of an agent's maps: turns {@code ipcache} and policy maps into the rules that Cilium's programs make of them. It shares no code
 * with the writer, and trusts the manifests only for which pod has which address.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.cilium.reader;

import org.jspecify.annotations.NullMarked;
