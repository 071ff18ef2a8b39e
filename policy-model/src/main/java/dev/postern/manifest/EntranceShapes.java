package dev.postern.manifest;

/** The shapes of the ways in from outside: Ingress of three API versions, Gateway API routes, OpenShift Routes. */
final class EntranceShapes {

  static final FieldShape BACKEND_PORT =
      FieldShape.lenient("ServiceBackendPort").string("name").integer("number");
  static final FieldShape BACKEND_SERVICE =
      FieldShape.lenient("IngressServiceBackend").string("name").object(BACKEND_PORT, "port");
  static final FieldShape BACKEND = FieldShape.lenient("IngressBackend")
      .object(BACKEND_SERVICE, "service")
      .string("serviceName")
      .integerOrString("servicePort")
      .any("resource");
  static final FieldShape PATH =
      FieldShape.lenient("HTTPIngressPath").object(BACKEND, "backend").any("path", "pathType");
  static final FieldShape HTTP = FieldShape.lenient("HTTPIngressRuleValue").list(PATH, "paths");
  static final FieldShape RULE =
      FieldShape.lenient("IngressRule").string("host").object(HTTP, "http");
  static final FieldShape INGRESS_SPEC = FieldShape.lenient("IngressSpec")
      .object(BACKEND, "defaultBackend", "backend")
      .list(RULE, "rules")
      .any("ingressClassName", "tls");

  static final FieldShape INGRESS = Shapes.object("Ingress").object(INGRESS_SPEC, "spec");

  private static final FieldShape BACKEND_REF = FieldShape.lenient("BackendRef")
      .string("group", "kind", "name", "namespace")
      .integer("port")
      .any("weight", "filters");
  private static final FieldShape MIRROR = FieldShape.lenient("HTTPRequestMirrorFilter")
      .object(BACKEND_REF, "backendRef")
      .any("percent", "fraction");
  private static final FieldShape FILTER = FieldShape.lenient("RouteFilter")
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
  private static final FieldShape ROUTE_RULE = FieldShape.lenient("RouteRule")
      .list(BACKEND_REF, "backendRefs")
      .list(FILTER, "filters")
      .any("matches", "name", "timeouts", "sessionPersistence", "retry");
  private static final FieldShape GATEWAY_SPEC = FieldShape.lenient("RouteSpec")
      .stringList("hostnames")
      .list(ROUTE_RULE, "rules")
      .any("parentRefs", "useDefaultGateways");

  private static final FieldShape ROUTE_TARGET =
      FieldShape.lenient("RouteTargetReference").string("kind", "name").any("weight");
  private static final FieldShape ROUTE_PORT =
      FieldShape.lenient("RoutePort").integerOrString("targetPort");
  private static final FieldShape OPENSHIFT_SPEC = FieldShape.lenient("RouteSpec")
      .string("host")
      .object(ROUTE_TARGET, "to")
      .list(ROUTE_TARGET, "alternateBackends")
      .object(ROUTE_PORT, "port")
      .any("path", "subdomain", "tls", "wildcardPolicy", "httpHeaders");

  static final FieldShape ROUTE = Shapes.object("Route").object(OPENSHIFT_SPEC, "spec");

  private EntranceShapes() {}

  /** A Gateway API route: the kinds differ in nothing that Postern reads. */
  static FieldShape gatewayRoute(String kind) {
    return Shapes.object(kind).object(GATEWAY_SPEC, "spec");
  }
}
