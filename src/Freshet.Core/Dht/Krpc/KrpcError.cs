namespace Freshet.Core.Dht.Krpc;

/// <summary>Codes of error messages (BEP 5).</summary>
internal enum KrpcError
{
    Generic = 201,
    Server = 202,
    Protocol = 203,
    MethodUnknown = 204,
}
