namespace Freshet.Core.Dht.Krpc;

/// <summary>What a message is (BEP 5, <c>y</c>).</summary>
internal enum KrpcKind
{
    Query,
    Response,
    Error,
}
