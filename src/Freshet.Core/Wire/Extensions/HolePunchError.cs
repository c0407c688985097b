namespace Freshet.Core.Wire.Extensions;

/// <summary>Why a relay does not connect two peers (BEP 55).</summary>
internal enum HolePunchError : uint
{
    /// <summary>It does.</summary>
    None = 0,

    /// <summary>Nobody can be at the address.</summary>
    NoSuchPeer = 1,

    /// <summary>The relay is not connected with the peer at the address.</summary>
    NotConnected = 2,

    /// <summary>That peer does not speak <c>ut_holepunch</c>.</summary>
    NoSupport = 3,

    /// <summary>The address is that of the relay, or of the one who asks.</summary>
    NoSelf = 4,
}
