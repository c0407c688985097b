namespace Freshet.Interop.Clients;

/// <summary>How a client is to use message stream encryption; each client gets the setting that comes closest.</summary>
public enum ClientEncryption
{
    /// <summary>Plain connections only, where the client has a setting for that.</summary>
    Plain,

    /// <summary>Encrypted connections are tried first, and plain ones are accepted.</summary>
    Preferred,

    /// <summary>Everything is encrypted with RC4 in both directions, or there is no connection.</summary>
    Rc4Required,
}
