/**
 * Cilium's layout: turns a plan into the entries of an agent's {@code ipcache} and of each endpoint's policy map. It trusts the plan's
 * tables, which combine all tiers, so that entries need no order among themselves.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.cilium;

import org.jspecify.annotations.NullMarked;
