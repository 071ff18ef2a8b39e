/**
 * A page that needs no server and no network: manifests, what is known of them, and the engine itself, compiled to JavaScript. {@link
 * dev.postern.page.PageEngine} is what runs in it, {@link dev.postern.page.PageDocument} writes it.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.page;

import org.jspecify.annotations.NullMarked;
