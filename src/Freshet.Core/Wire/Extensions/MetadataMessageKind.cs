namespace Freshet.Core.Wire.Extensions;

/// <summary>The kind of a <c>ut_metadata</c> message (BEP 9, <c>msg_type</c>).</summary>
internal enum MetadataMessageKind
{
    /// <summary>Requests a piece.</summary>
    Request = 0,

    /// <summary>Contains a piece.</summary>
    Data = 1,

    /// <summary>Rejects a request: the sender has no metadata, or sends no more for now.</summary>
    Reject = 2,

    /// <summary>An unknown kind, to be ignored.</summary>
    Unknown,
}
