namespace Freshet.Core.Wire.Extensions;

/// <summary>What a message of <c>ut_holepunch</c> says (BEP 55).</summary>
internal enum HolePunchKind : byte
{
    /// <summary>To a relay: the sender would like to be connected with the peer at the address.</summary>
    Rendezvous = 0,

    /// <summary>From a relay, to both sides: the peer at the address is dialling; it is to be dialled at once, over uTP.</summary>
    Connect = 1,

    /// <summary>From a relay: it cannot be done.</summary>
    Error = 2,
}
