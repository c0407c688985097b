namespace Freshet.Core.Dht.Krpc;

/// <summary>The codes of error messages (BEP 5).</summary>
internal enum KrpcError
{
    Generic = 201,
    Server = 202,
    Protocol = 203,
    MethodUnknown = 204,

    /// <summary>This and all further codes are from BEP 44.</summary>
    ValueTooBig = 205,
    InvalidSignature = 206,
    SaltTooBig = 207,
    SequenceMismatch = 301,
    SequenceTooLow = 302,
}
