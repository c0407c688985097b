namespace Freshet.Core.Dht.Krpc;

/// <summary>The kind of a message (BEP 5, <c>y</c>).</summary>
internal enum KrpcKind
{
    Query,
    Response,
    Error,
}
