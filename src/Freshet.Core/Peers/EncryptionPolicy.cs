namespace Freshet.Core.Peers;

/// <summary>Whether connections are encrypted (message stream encryption).</summary>
public enum EncryptionPolicy
{
    /// <summary>None is. Peers that require encryption are out of reach.</summary>
    Disabled,

    /// <summary>Those with peers that require it: a dial that is turned away plain is repeated encrypted.</summary>
    Allowed,

    /// <summary>All that can be: a dial that is turned away encrypted is repeated plain.</summary>
    Preferred,

    /// <summary>All; peers that cannot encrypt are out of reach.</summary>
    Required,
}
