namespace Freshet.Interop.Clients;

/// <summary>What a client is told about message stream encryption; each as near to it as the client can be told.</summary>
public enum ClientEncryption
{
    /// <summary>Plain connections; none but those where the client can be told so.</summary>
    Plain,

    /// <summary>Encrypted connections are tried first, plain ones are accepted.</summary>
    Preferred,

    /// <summary>All is RC4, both ways, or there is no connection.</summary>
    Rc4Required,
}
