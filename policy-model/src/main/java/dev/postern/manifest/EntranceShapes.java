package dev.postern.manifest;

/** The shapes of the ways in from outside: Ingress of three API versions, Gateway API routes, OpenShift Routes. */
final class EntranceShapes {

  static final Shape BACKEND_PORT =
      Shape.lenient("ServiceBackendPort").string("name").integer("number");
  static final Shape BACKEND_SERVICE =
      Shape.lenient("IngressServiceBackend").string("name").object(BACKEND_PORT, "port");
  static final Shape BACKEND = Shape.lenient("IngressBackend")
      .object(BACKEND_SERVICE, "service")
      .string("serviceName")
      .integerOrString("servicePort")
      .any("resource");
  static final Shape PATH =
      Shape.lenient("HTTPIngressPath").object(BACKEND, "backend").any("path", "pathType");
  static final Shape HTTP = Shape.lenient("HTTPIngressRuleValue").list(PATH, "paths");
  static final Shape RULE = Shape.lenient("IngressRule").string("host").object(HTTP, "http");
  static final Shape INGRESS_SPEC = Shape.lenient("IngressSpec")
      .object(BACKEND, "defaultBackend", "backend")
      .list(RULE, "rules")
      .any("ingressClassName", "tls");

  static final Shape INGRESS = Shapes.object("Ingress").object(INGRESS_SPEC, "spec");

  private static final Shape BACKEND_REF = Shape.lenient("BackendRef")
      .string("group", "kind", "name", "namespace")
      .integer("port")
      .any("weight", "filters");
  private static final Shape MIRROR = Shape.lenient("HTTPRequestMirrorFilter")
      .object(BACKEND_REF, "backendRef")
      .any("percent", "fraction");
  private static final Shape FILTER = Shape.lenient("RouteFilter")
      .object(MIRROR, "requestMirror")
      .any(
          "type",
          "requestHeaderModifier",
          "responseHeaderModifier",
          "requestRedirect",
          "urlRewrite",
          "extensionRef",
          "cors")
      .any("externalAuth");
  private static final Shape ROUTE_RULE = Shape.lenient("RouteRule")
      .list(BACKEND_REF, "backendRefs")
      .list(FILTER, "filters")
      .any("matches", "name", "timeouts", "sessionPersistence", "retry");
  private static final Shape GATEWAY_SPEC = Shape.lenient("RouteSpec")
      .stringList("hostnames")
      .list(ROUTE_RULE, "rules")
      .any("parentRefs", "useDefaultGateways");

  private static final Shape ROUTE_TARGET =
      Shape.lenient("RouteTargetReference").string("kind", "name").any("weight");
  private static final Shape ROUTE_PORT = Shape.lenient("RoutePort").integerOrString("targetPort");
  private static final Shape OPENSHIFT_SPEC = Shape.lenient("RouteSpec")
      .string("host")
      .object(ROUTE_TARGET, "to")
      .list(ROUTE_TARGET, "alternateBackends")
      .object(ROUTE_PORT, "port")
      .any("path", "subdomain", "tls", "wildcardPolicy", "httpHeaders");

  static final Shape ROUTE = Shapes.object("Route").object(OPENSHIFT_SPEC, "spec");

  private EntranceShapes() {}

  /** A Gateway API route: the kinds differ in nothing that Postern reads. */
  static Shape gatewayRoute(String kind) {
    return Shapes.object(kind).object(GATEWAY_SPEC, "spec");
  }
}
