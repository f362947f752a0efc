# Look at the plan first, then install every member in one transaction.
shelfmark add com.hotcrm.suite@1.0.0 --account company --dry-run

shelfmark add com.hotcrm.suite@1.0.0 --account company
