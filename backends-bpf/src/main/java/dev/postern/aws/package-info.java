/**
 * The AWS network policy agent's layout: turns a plan into the entries of each pod's address tries, with the states that enable them. It
 * trusts the plan's tables, which combine all tiers.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.aws;

import org.jspecify.annotations.NullMarked;
