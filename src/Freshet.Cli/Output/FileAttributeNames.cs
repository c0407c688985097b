using System.Collections.Immutable;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Output;

/// <summary>The names of a file's attributes (BEP 47).</summary>
internal static class FileAttributeNames
{
    private static readonly (FileTraits Trait, string Name)[] Names =
    [
        (FileTraits.Padding, "padding"),
        (FileTraits.Executable, "executable"),
        (FileTraits.Hidden, "hidden"),
        (FileTraits.Symlink, "symlink"),
    ];

    public static ImmutableArray<string> Of(FileTraits traits) =>
        traits == FileTraits.None ? [] : [.. Names.Where(name => (traits & name.Trait) != 0).Select(name => name.Name)];
}
