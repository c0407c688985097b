# bash complete.bash SCRIPT LINE...: prints what bash offers when Tab is pressed behind each LINE, one a line, and ---- after each.
source "$1" || exit
shift
for line; do
    # Words as readline takes them apart: at spaces, but not at those that are escaped.
    words=${line//\\ /$'\1'}
    IFS=' ' read -ra COMP_WORDS <<< "$words"
    [[ $words == *' ' ]] && COMP_WORDS+=('')
    COMP_WORDS=("${COMP_WORDS[@]//$'\1'/\\ }")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    COMPREPLY=()
    _freshet
    (( ${#COMPREPLY[@]} == 0 )) || printf '%s\n' "${COMPREPLY[@]}"
    echo ----
done
