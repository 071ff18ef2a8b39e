/**
 * The contents of the four policy kinds, with every null, missing list and default of the API resolved. One record serves all kinds; a kind
 * differs only in tier, subject and actions.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.policy;

import org.jspecify.annotations.NullMarked;
