namespace Freshet.Core.Metainfo;

/// <summary>Why a .torrent file cannot be used, as text for people.</summary>
/// <param name="Field">The invalid field, such as <c>info.files[3].length</c>; empty if the data as a whole is invalid.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Offset">The position at which the field's value, or the dictionary that lacks it, begins.</param>
public sealed record MetainfoError(string Field, string Reason, int Offset)
{
    /// <summary>Field and reason.</summary>
    public string Message => Field.Length == 0 ? Reason : $"{Field}: {Reason}";

    /// <inheritdoc/>
    public override string ToString() => Message;
}
