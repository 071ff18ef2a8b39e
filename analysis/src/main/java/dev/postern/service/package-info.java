/**
 * Turns a Service, or a way in through a controller, into the pods and ports behind it. It trusts the cluster and knows nothing of
 * policies, which see only what is behind.
 */
@NullMarked
package dev.postern.service;

import org.jspecify.annotations.NullMarked;
