namespace Freshet;

/// <summary>The download priority of a file.</summary>
public enum FilePriority
{
    /// <summary>Downloaded with normal priority.</summary>
    Normal,

    /// <summary>Not downloaded.</summary>
    Skip,

    /// <summary>Downloaded after the other files.</summary>
    Low,

    /// <summary>Downloaded before the other files.</summary>
    High,
}
