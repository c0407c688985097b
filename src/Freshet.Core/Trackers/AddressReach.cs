using Freshet.Core.Peers;

namespace Freshet.Core.Trackers;

/// <summary>Which scopes of addresses a request may connect to.</summary>
[Flags]
internal enum AddressReach
{
    /// <summary>The internet, which is always within reach.</summary>
    Public = 0,

    /// <summary>Local networks too.</summary>
    Private = 1,

    /// <summary>The links of this machine too.</summary>
    LinkLocal = 2,

    /// <summary>This machine too.</summary>
    Loopback = 4,

    /// <summary>Everywhere.</summary>
    Everywhere = Private | LinkLocal | Loopback,
}

/// <summary>What a reach means.</summary>
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
