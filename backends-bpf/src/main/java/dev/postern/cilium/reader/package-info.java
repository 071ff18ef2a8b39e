/**
 * Reads dumps of an agent's maps: turns {@code ipcache} and policy maps into the rules that Cilium's programs make of them. It shares no code
 * with the writer, and trusts the manifests only for which pod has which address.
 */
@NullMarked
package dev.postern.cilium.reader;

import org.jspecify.annotations.NullMarked;
