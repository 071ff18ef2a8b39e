/**
 * Turns addresses, protocols and ports of manifests into canonical values: equal meaning is an equal value. It knows nothing of policies and
 * does no look-ups; host names are never resolved.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.net;

import org.jspecify.annotations.NullMarked;
