/** Uses what is published as somebody would who has nothing else. */
@NullMarked
package dev.postern.distribution;

import org.jspecify.annotations.NullMarked;
