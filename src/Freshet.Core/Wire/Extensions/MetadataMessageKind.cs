namespace Freshet.Core.Wire.Extensions;

/// <summary>What a message of <c>ut_metadata</c> is for (BEP 9, <c>msg_type</c>).</summary>
internal enum MetadataMessageKind
{
    /// <summary>Asks for a piece.</summary>
    Request = 0,

    /// <summary>Carries a piece.</summary>
    Data = 1,

    /// <summary>Refuses a request: the sender has no metadata, or gives no more now.</summary>
    Reject = 2,

    /// <summary>A kind that we do not know, to be ignored.</summary>
    Unknown,
}
