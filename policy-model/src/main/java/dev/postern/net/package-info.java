/**
 * Turns what a manifest writes about addresses, protocols and ports into canonical values: equal meaning is an equal value. It knows
 * nothing of policies and does no look-ups; names of hosts are never resolved.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.net;

import org.jspecify.annotations.NullMarked;
