namespace Freshet;

/// <summary>How much a file is wanted.</summary>
public enum FilePriority
{
    /// <summary>In its turn.</summary>
    Normal,

    /// <summary>Not at all.</summary>
    Skip,

    /// <summary>After the others.</summary>
    Low,

    /// <summary>Before the others.</summary>
    High,
}
