/**
 * Turns dumps of an AWS network policy agent's maps, with tries and pod states, into the rules that the agent's programs enforce. It shares
 * no code with the writer, and trusts the manifests only for the addresses of pods.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.aws.reader;

import org.jspecify.annotations.NullMarked;
