namespace Freshet.Core.Peers;

/// <summary>Whether connections are encrypted (message stream encryption).</summary>
public enum EncryptionPolicy
{
    /// <summary>Never. Peers that require encryption cannot be reached.</summary>
    Disabled,

    /// <summary>Only with peers that require it: a dial that fails in plain text is repeated encrypted.</summary>
    Allowed,

    /// <summary>Whenever possible: a dial that fails encrypted is repeated in plain text.</summary>
    Preferred,

    /// <summary>Always. Peers that do not support encryption cannot be reached.</summary>
    Required,
}
