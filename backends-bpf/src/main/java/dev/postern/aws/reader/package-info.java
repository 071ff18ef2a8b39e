/**
 * Reads dumps of an AWS network policy agent's maps: turns tries and pod states into the rules that the agent's programs make of them. It
 * shares no code with the writer, and trusts the manifests only for which pod has which address.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.aws.reader;

import org.jspecify.annotations.NullMarked;
