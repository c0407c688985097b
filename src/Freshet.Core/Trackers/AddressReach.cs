using Freshet.Core.Peers;

namespace Freshet.Core.Trackers;

/// <summary>The address scopes that a request may connect to.</summary>
[Flags]
internal enum AddressReach
{
    /// <summary>The internet, which is always allowed.</summary>
    Public = 0,

    /// <summary>Also local networks.</summary>
    Private = 1,

    /// <summary>Also link-local addresses.</summary>
    LinkLocal = 2,

    /// <summary>Also this machine.</summary>
    Loopback = 4,

    /// <summary>All scopes.</summary>
    Everywhere = Private | LinkLocal | Loopback,
}

/// <summary>Interprets <see cref="AddressReach"/> values.</summary>
internal static class AddressReaches
{
    public static bool Includes(this AddressReach reach, AddressScope scope) => scope switch
    {
        AddressScope.Public => true,
        AddressScope.Private => reach.HasFlag(AddressReach.Private),
        AddressScope.LinkLocal => reach.HasFlag(AddressReach.LinkLocal),
        AddressScope.Loopback => reach.HasFlag(AddressReach.Loopback),
        _ => false,
    };
}
