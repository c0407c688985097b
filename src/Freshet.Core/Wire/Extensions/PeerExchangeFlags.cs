namespace Freshet.Core.Wire.Extensions;

/// <summary>What one peer tells of another (BEP 11). None of it can be believed before it shows.</summary>
[Flags]
internal enum PeerExchangeFlags : byte
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>It prefers encrypted connections.</summary>
    PrefersEncryption = 0x01,

    /// <summary>It only uploads: it has everything, or wants no more.</summary>
    UploadOnly = 0x02,

    /// <summary>It speaks uTP.</summary>
    Utp = 0x04,

    /// <summary>It speaks <c>ut_holepunch</c>.</summary>
    HolePunch = 0x08,

    /// <summary>The teller dialled it, so it can be reached.</summary>
    Reachable = 0x10,
}
