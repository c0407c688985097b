namespace Freshet.Core.Wire.Extensions;

/// <summary>What one peer says about another (BEP 11). None of it can be trusted until confirmed.</summary>
[Flags]
internal enum PeerExchangeFlags : byte
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>It prefers encrypted connections.</summary>
    PrefersEncryption = 0x01,

    /// <summary>It only uploads: it is a seed, or wants nothing more.</summary>
    UploadOnly = 0x02,

    /// <summary>It supports uTP.</summary>
    Utp = 0x04,

    /// <summary>It supports <c>ut_holepunch</c>.</summary>
    HolePunch = 0x08,

    /// <summary>The sender dialled it successfully, so it can be reached.</summary>
    Reachable = 0x10,
}
